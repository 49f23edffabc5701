import '#ui/tokens.css';
import { language, setLanguage } from '#ui/text.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './portal.css';
import { Portal } from './shell/portal.tsx';

// Sets the language of the document too, so that a screen reader picks the right voice.
setLanguage(language());
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Portal />
    </StrictMode>,
  );
}
